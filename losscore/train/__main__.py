"""One training as a process of its own: python -m losscore.train KEY SETTINGS FILE

SETTINGS is a JSON object. Writes a line "done total" for every epoch, and the run to FILE. Ends with 1, and a sentence
as the last line of what went wrong.
"""

import json
import sys
from pathlib import Path

from losscore import train


def _report(done: int, total: int) -> None:
    print(done, total, flush=True)


def main(key: str, settings: str, file: str) -> None:
    path = Path(file)
    unfinished = path.with_suffix(".part")  # nobody reads half a run
    try:
        run = train.run(key, _report, **json.loads(settings))
        with unfinished.open("wb") as out:
            train.write(run, out)
        unfinished.replace(path)
    except (KeyError, TypeError, ValueError, RuntimeError, OSError) as error:
        unfinished.unlink(missing_ok=True)
        sys.exit(str(error.args[0] if isinstance(error, KeyError) else error).replace("\n", " "))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(str(__doc__).splitlines()[0])
    main(*sys.argv[1:])
