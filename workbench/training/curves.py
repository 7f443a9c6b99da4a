"""Loss curves of a training run: a CSV that grows with every step, and a picture of it."""

import csv
import math
from pathlib import Path

import numpy as np

from ..atomic_files import appending, write_file

WIDTH, HEIGHT, MARGIN = 720, 400, 48
COLOURS = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5")
POINTS = 240


class Curve:
    """One CSV row per step. A resumed run cuts off what came after the step it resumes from."""

    def __init__(self, path: Path, first: int = 0) -> None:
        """Keep the rows of the steps before ``first``."""
        self.path = path
        self.rows = [row for row in read_curve(path) if row["step"] < first] if first else []
        self.columns: list[str] = list(self.rows[0]) if self.rows else []
        write_file(path, "")
        self.file = appending(path)
        if self.rows:
            self._start()
            for row in self.rows:
                self.writer.writerow(row)

    def _start(self) -> None:
        self.writer = csv.DictWriter(self.file, self.columns, restval="", extrasaction="ignore")
        self.writer.writeheader()

    def __call__(self, record: dict[str, float]) -> None:
        """Add a step."""
        if not self.columns:
            self.columns = list(record)
            self._start()
        self.writer.writerow(record)
        self.file.flush()

    def close(self) -> None:
        """Finish the CSV and draw it beside itself as SVG."""
        self.file.close()
        write_file(self.path.with_suffix(".svg"), drawn(read_curve(self.path)))


def read_curve(path: Path) -> list[dict[str, float]]:
    """The rows of a CSV; values that were not logged are NaN."""
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return [
            {name: float(value) if value else math.nan for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def drawn(rows: list[dict[str, float]]) -> str:
    """The losses against the step, each as a share of its first value; SVG."""
    names = [name for name in (rows[0] if rows else {}) if name not in ("step", "rate")]
    body = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(MARGIN, 20, "loss as a share of its start, by step"),
        f'<path d="M{MARGIN},{MARGIN / 2} V{HEIGHT - MARGIN} H{WIDTH - 150}" fill="none" '
        'stroke="#888"/>',
        _text(MARGIN, HEIGHT - 20, "0"),
        _text(WIDTH - 190, HEIGHT - 20, f"{rows[-1]['step']:.0f}" if rows else ""),
        _text(8, MARGIN / 2 + 10, "1.2"),
        _text(8, HEIGHT - MARGIN, "0"),
    ]
    for at, name in enumerate(names):
        colour = COLOURS[at % len(COLOURS)]
        body.append(_line(np.array([row[name] for row in rows]), colour))
        body.append(_text(WIDTH - 140, 40 + 18 * at, name, colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">{"".join(body)}</svg>\n'
    )


def _line(values: np.ndarray, colour: str) -> str:
    parts = np.array_split(values, min(POINTS, len(values)))
    means = np.array([part[np.isfinite(part)].mean() if np.isfinite(part).any() else np.nan
                      for part in parts])  # fmt: skip
    known = np.isfinite(means)
    if not known.any():
        return ""
    share = means[known] / max(abs(means[known][0]), 1e-9)
    x = MARGIN + np.nonzero(known)[0] / max(1, len(means) - 1) * (WIDTH - 150 - MARGIN)
    y = HEIGHT - MARGIN - np.clip(share, 0, 1.2) / 1.2 * (HEIGHT - 1.5 * MARGIN)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str = "#333") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}">{text}</text>'
