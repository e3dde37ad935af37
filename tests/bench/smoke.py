"""A tiny capture of one bench case: davscope counts in it what it was made of. Measures nothing.

usage: smoke.py BUILD DAVSCOPE CASE PERCENT
"""

import sys

import bench


def main():
    build, davscope, name, percent = sys.argv[1:]
    case = next(case for case in bench.CASES if case.name == name)
    made = bench.make(build, case, float(percent))
    wrong = bench.differences(davscope, case, made)
    print("\n".join(wrong) or f"right: {made.truth}")
    sys.exit(1 if wrong or not made.truth["documents"] else 0)


main()
