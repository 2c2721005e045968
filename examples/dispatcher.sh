#!/bin/sh
# What a dispatcher scripts: begin the day, tell it what happens, look at it, keep the proof. Run in an empty folder.
set -eu
here=$(dirname "$0")
routing day new today.db --map "$here/../maps/monaco.osm.pbf" --stops "$here/stops.csv" --fleet "$here/fleet.csv" \
    --date 2026-11-23
routing day event today.db "$here/events.jsonl"
echo '{"id": "call-1", "type": "stop_cancelled", "known_at": "13:20", "stop_id": "S105"}' | routing day event today.db -
routing day show today.db
routing day plan today.db -o plan.json
routing day replay today.db
