#!/bin/sh
# What drivers get: a sheet to print, a GPX for the navigation device, and the changes since they last got one.
# Usage: drivers.sh today.db out
set -eu
routing day export "$1" --format sheet,gpx,csv --out "$2"
