"""python -m backbone.local {demo, reset-demo, run, browser}"""

import argparse
import sys
from collections.abc import Sequence

from backbone.local import browser, command, demo
from backbone.local.process import Interrupted, Refused, interruptible


def main(words: Sequence[str]) -> int:
    """Do what was asked; a refusal is one sentence and exit code 1."""
    asked = _parser().parse_args(words)
    try:
        with interruptible():
            return _do(asked)
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    except Interrupted as interrupted:
        return 128 + interrupted.number


def _do(asked: argparse.Namespace) -> int:
    if asked.what == "demo":
        return demo.run()
    if asked.what == "reset-demo":
        return demo.reset()
    if asked.what == "run":
        return command.run(asked.command)
    print(browser.executable())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backbone.local", description="Run it on this machine.")
    asked = parser.add_subparsers(dest="what", required=True)
    asked.add_parser("demo", help="start everything, with data that stays")
    asked.add_parser("reset-demo", help="remove the data of the demo")
    runner = asked.add_parser("run", help="run a command beside temporary servers: run -- COMMAND …")
    runner.add_argument("command", nargs=argparse.REMAINDER)
    asked.add_parser("browser", help="print the path of a Chromium, installing one if there is none")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
