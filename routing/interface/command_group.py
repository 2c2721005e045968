"""Turn what ends a command into an exit code and words; the one place where every error is caught."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from routing.errors import EXIT_DONE, EXIT_OUR_FAULT, InputError, RoutingError

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""

_USAGE_ERROR: type[BaseException] = typer.BadParameter.__bases__[0]
"""Root of the faults of a command line; typer words them and exits with 2."""


class RoutingGroup(TyperGroup):
    """Run a command; an error becomes words on stderr and its exit code, a closed pipe is silent."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was parsed."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, _USAGE_ERROR):
            raise
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(EXIT_DONE) from error
        except KeyboardInterrupt as error:
            print("Interrupted; what was not finished is not written.", file=sys.stderr)  # noqa: T201
            raise typer.Exit(EXIT_INTERRUPTED) from error
        except Exception as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            raise typer.Exit(report(error)) from error
        return result


def report(error: Exception) -> int:
    """Print an error in words to stderr and return its exit code."""
    from routing.interface.terminal import print_issues, stderr

    if isinstance(error, InputError):
        print_issues(error.issues)
        return error.exit_code
    console = stderr()
    if isinstance(error, RoutingError):
        console.print(str(error), soft_wrap=True)
        if error.exit_code == EXIT_OUR_FAULT:
            console.print("This is a fault of routing, not of your input. Please report it.", soft_wrap=True)
        return error.exit_code
    console.print(f"Unexpected {type(error).__name__}: {error}", soft_wrap=True)
    console.print(
        "This is a fault of routing, not of your input. Please report it with the command line and the output "
        "of the same command with ROUTING_DEBUG=1 set.",
        soft_wrap=True,
    )
    return EXIT_OUR_FAULT
