"""Write docs/lifecycle-cases.md from the cases that the tests run.

python tests/providers/write_page.py
"""

from support import PAGE, Teller, read_cases, write_page

if __name__ == "__main__":
    PAGE.write_text(write_page(read_cases(), Teller()), encoding="utf-8")
