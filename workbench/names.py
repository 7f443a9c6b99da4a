"""Names of proteins, kept so that every file, header and page can hold them."""

MOST_LETTERS = 200


def clean_name(text: str) -> str:
    """The name on one line of printable letters, ``?`` for those that are half a letter.

    A file name may be no UTF-8, and a line break in a name would be a line of its own in every
    format that is made of lines.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    printable = "".join(letter if letter.isprintable() else " " for letter in whole)
    return " ".join(printable.split())[:MOST_LETTERS].rstrip()
