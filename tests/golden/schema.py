"""Holds every line of JSON that davscope says of a capture against the schema that ships with it.

usage: schema.py DAVSCOPE CAPTURE      exit status as of validate_json.py
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
SCHEMA = HERE.parent.parent / "output" / "davscope.schema.json"


def main(davscope, capture):
    said = subprocess.run([davscope, "-o", "json", capture], stdout=subprocess.PIPE, check=True)
    validated = subprocess.run([sys.executable, HERE / "validate_json.py", SCHEMA, "-"],
                               input=said.stdout, check=False)
    return validated.returncode


sys.exit(main(*sys.argv[1:]))
