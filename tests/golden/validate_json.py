"""Hold JSON Lines against the schema: validate_json.py SCHEMA FILE... ("-": standard input), or
validate_json.py SCHEMA --run PROGRAM ARGUMENT...: what the program prints.

Exits 1 and names file, line, field and reason for the first errors; 77 when it cannot look."""

import io
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

MAX_ERRORS = 20


def refuse_duplicates(pairs):
    """JSON has no say in repeated keys; ours must not have any."""
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("repeated key in " + ", ".join(keys))
    return dict(pairs)


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def branch_of(schema, record):
    """The definition for the record's dataset, so that errors speak of one alone."""
    dataset = record.get("event", {}).get("dataset", "") if isinstance(record, dict) else ""
    name = dataset.removeprefix("davscope.")
    if name not in schema["$defs"]:
        raise ValueError(f"unknown dataset {dataset!r}")
    return {**schema, "oneOf": [{"$ref": f"#/$defs/{name}"}]}


def errors_of_line(schema, line):
    try:
        record = json.loads(line.decode("utf-8"), object_pairs_hook=refuse_duplicates,
                            parse_constant=refuse_constant)
        branch = branch_of(schema, record)
    except ValueError as error:
        return [str(error)]
    found = jsonschema.Draft202012Validator(branch).iter_errors(record)
    deepest = [inner for error in found for inner in (error.context or [error])]
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
            for error in deepest]


def streams(arguments):
    """Name and content of each input."""
    if arguments[0] == "--run":
        output = subprocess.run(arguments[1:], stdout=subprocess.PIPE, check=False).stdout
        yield arguments[1], io.BytesIO(output)
        return
    for path in arguments:
        yield path, sys.stdin.buffer if path == "-" else open(path, "rb")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    n_lines = n_errors = 0
    for path, stream in streams(sys.argv[2:]):
        with stream:
            for number, line in enumerate(stream, 1):
                n_lines += 1
                errors = errors_of_line(schema, line)
                errors += [] if line.endswith(b"\n") else ["no line end"]
                n_errors += len(errors)
                for text in errors[:max(0, MAX_ERRORS - n_errors + len(errors))]:
                    print(f"{path}:{number}: {text}")
    print(f"{n_lines} lines, {n_errors} errors")
    return 1 if n_errors or n_lines == 0 else 0


sys.exit(main())
