#!/usr/bin/env python3
"""The rules of the house, as tests.

  run.py --build build/dev             every rule but the last
  run.py --build build/dev --only sql  one of them
  run.py --statements <directory>      whether the servers whose debug logs lie there executed every SQL statement

A rule is a module with CHECKS, {name: function(house) -> violations}, and MUTANTS, {name: function() -> violations}: what a
mutant breaks must be found, or the rule could not fail. One line for each; ends with "N passed, N failed".
"""

import argparse
import importlib
import pathlib
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from house import House, Skip  # noqa: E402

RULES = ['includes', 'symbols', 'routes', 'problems', 'sql', 'tidy', 'headers', 'packages', 'abi', 'docs', 'slots']
MOST_SHOWN = 40


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def line(self, good, name, violations=()):
        self.passed += good
        self.failed += not good
        print(f'{"passed" if good else "FAILED"}  {name}', flush=True)
        for violation in violations[:MOST_SHOWN]:
            print(f'          {violation}')
        if len(violations) > MOST_SHOWN:
            print(f'          and {len(violations) - MOST_SHOWN} more')

    def run(self, name, function, *arguments, mutant=False):
        try:
            violations = list(function(*arguments))
        except Skip as reason:
            print(f'skipped {name}: {reason}', flush=True)
        except Exception:  # a rule that breaks is a rule that fails
            self.line(False, name, traceback.format_exc().splitlines())
        else:
            if mutant:
                self.line(bool(violations), name, [] if violations else ['the mutant was not caught'])
            else:
                self.line(not violations, name, violations)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, help='a build directory')
    parser.add_argument('--only', choices=RULES + ['statements'], action='append')
    parser.add_argument('--statements', type=pathlib.Path, metavar='DIRECTORY', help="servers' debug logs")
    arguments = parser.parse_args()
    rules = arguments.only or (['statements'] if arguments.statements else RULES)
    root = pathlib.Path(__file__).resolve().parents[2]
    house = House(root, arguments.build.resolve() if arguments.build else None, arguments.statements)

    report = Report()
    for rule in rules:
        module = importlib.import_module(f'rule_{rule}')
        for name, check in module.CHECKS.items():
            report.run(f'{rule}: {name}', check, house)
        for name, mutant in module.MUTANTS.items():
            report.run(f'{rule}: catches {name}', mutant, mutant=True)
    print(f'{report.passed} passed, {report.failed} failed')
    return 0 if report.failed == 0 and report.passed else 1


if __name__ == '__main__':
    sys.exit(main())
