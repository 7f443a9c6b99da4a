"""The look of the confidence figure: axes, colours and shapes, the same in every bench."""

from typing import TYPE_CHECKING

from .. import palette

if TYPE_CHECKING:
    from .plotly_without_iri_grammar import Figure

PAE_TOP = 31.0
PAE_COLORS = [
    [0.0, "#00441b"],
    [0.25, "#238b45"],
    [0.55, "#74c476"],
    [0.8, "#c7e9c0"],
    [1.0, "#f7fcf5"],
]
PLDDT_COLOR, PTM_COLOR = "#0072b2", "#d55e00"


AXES = {
    "residues": ("xaxis", "yaxis", "xaxis2", "yaxis2"),
    "pae": ("xaxis3", "yaxis3"),
    "steps": ("xaxis4", "yaxis4", "yaxis5"),
}
"""Axes of each picture."""

PLACES = {"yaxis": [0.43, 1.0], "yaxis2": [0.0, 0.36], "yaxis4": [0.0, 0.9], "yaxis5": [0.0, 0.9]}
EVERYWHERE, NOWHERE = [0.0, 1.0], [0.0, 0.001]


def axes_of(tab: str) -> dict[str, dict]:
    """Layout of all axes when this picture is shown; hidden ones would catch the mouse over it."""
    return {
        axis: {
            "visible": name == tab,
            "domain": PLACES.get(axis, EVERYWHERE) if name == tab else NOWHERE,
        }
        for name, axes in AXES.items()
        for axis in axes
    }


def empty_figure() -> "Figure":
    """The empty figure: residues (x, x2), PAE (x3) and steps (x4, x5), of which one is visible."""
    from .plotly_without_iri_grammar import Figure

    figure = Figure()
    figure.add_scatter(
        x=[],
        y=[],
        mode="lines+markers",
        name="pLDDT",
        xaxis="x",
        yaxis="y",
        line={"color": "#8a97a5", "width": 1},
        marker=_band_marker(),
        connectgaps=False,
        hovertemplate="%{customdata} · pLDDT %{y:.0f}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    figure.add_bar(
        x=[],
        y=[],
        name="entropy",
        xaxis="x2",
        yaxis="y2",
        marker={"line": {"width": 0}},
        hovertemplate="%{customdata} · %{y:.2f} nats<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    figure.add_heatmap(
        z=[],
        xaxis="x3",
        yaxis="y3",
        visible=False,
        zmin=0,
        zmax=PAE_TOP,
        colorscale=PAE_COLORS,
        hovertemplate="aligned on %{y:.0f}, scored at %{x:.0f}: %{z:.1f} Å<extra></extra>",
        colorbar={
            "thickness": 9,
            "len": 1,
            "title": {"text": "Å", "side": "right"},
            "outlinewidth": 0,
        },
    )
    for name, color, axes, form in (
        ("mean pLDDT", PLDDT_COLOR, "4", "%{y:.0f}"),
        ("pTM × 100", PTM_COLOR, "4", "%{y:.0f}"),
        ("mean entropy", "#6b7885", "5", "%{y:.2f} nats"),
    ):
        figure.add_scatter(
            x=[],
            y=[],
            mode="lines+markers",
            name=name,
            xaxis="x4",
            yaxis=f"y{axes}",
            visible=False,
            line={"color": color, "width": 1.6},
            marker={"size": 5},
            connectgaps=True,
            hovertemplate=f"step %{{x}} · {name} {form}<extra></extra>",
        )
    quiet = {"showgrid": False, "zeroline": False, "visible": False}
    title = {"font": {"size": 11}, "standoff": 4}
    figure.update_layout(
        autosize=True,
        showlegend=False,
        bargap=0.15,
        uirevision="bench",
        margin={"l": 46, "r": 10, "t": 6, "b": 22},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 11},
        hovermode="closest",
        dragmode="select",
        selectdirection="h",
        newselection={"line": {"color": "rgba(0,0,0,0)"}},
        transition={"duration": 0},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 11}},
        xaxis={
            "showgrid": False,
            "zeroline": False,
            "anchor": "y",
            "matches": "x2",
            "showticklabels": False,
        },
        yaxis={
            "domain": [0.43, 1],
            "range": [0, 100],
            "tickvals": [50, 70, 90],
            "title": {"text": "pLDDT", **title},
            "zeroline": False,
            "fixedrange": True,
        },
        xaxis2={"showgrid": False, "zeroline": False, "anchor": "y2"},
        yaxis2={
            "domain": [0, 0.36],
            "range": [0, 3.1],
            "nticks": 4,
            "title": {"text": "entropy", **title},
            "zeroline": False,
            "fixedrange": True,
        },
        xaxis3={
            **quiet,
            "anchor": "y3",
            "tickangle": 0,
            "constrain": "domain",
            "title": {"text": "scored residue", **title},
        },
        yaxis3={
            **quiet,
            "anchor": "x3",
            "ticklabelstandoff": 5,
            "scaleanchor": "x3",
            "constrain": "domain",
            "title": {"text": "aligned residue", **title},
        },
        xaxis4={**quiet, "anchor": "y4", "dtick": None},
        yaxis4={
            **quiet,
            "domain": [0, 0.9],
            "range": [0, 100],
            "title": {"text": "pLDDT, pTM × 100", **title},
        },
        yaxis5={
            **quiet,
            "domain": [0, 0.9],
            "overlaying": "y4",
            "anchor": "x4",
            "side": "right",
            "rangemode": "tozero",
            "tickmode": "auto",
            "nticks": 4,
            "title": {"text": "nats", **title},
        },
    )
    figure.update_layout(axes_of("residues"))
    figure.add_annotation(
        text="PAE is worked out when a run rests or a design is shown",
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        visible=False,
    )
    return figure


def theme_of(dark: bool) -> dict:
    """Layout values that follow the theme."""
    numbers = ("", "2", "3", "4")
    axes = [*(f"{axis}axis{number}" for axis in "xy" for number in numbers), "yaxis5"]
    grid = palette.themed("line", dark)
    line = {"gridcolor": grid, "linecolor": grid}
    return {"font": {"color": palette.themed("fg", dark)}, **dict.fromkeys(axes, line)}


def traces_of(dark: bool) -> dict[int, dict]:
    """What of single traces, by their number, follows the theme."""
    return {
        1: {"marker": {"color": "#8996a3" if dark else "#6b7885"}},
        5: {"line": {"color": palette.themed("fg", dark)}},
    }


def band_shapes() -> list[dict]:
    """AlphaFold's bands behind the pLDDT curve."""
    edges = [100.0, *(edge for edge, _, _ in palette.PLDDT_BANDS)]
    return [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": low,
            "y1": high,
            "fillcolor": color,
            "opacity": 0.07,
            "line": {"width": 0},
            "layer": "below",
        }
        for high, (low, color, _) in zip(edges[:-1], palette.PLDDT_BANDS, strict=True)
    ]


def selection_bands(runs: list[list[int]], axes: tuple[str, ...], dark: bool) -> list[dict]:
    """The selection as bands across the whole plot, one per range and axis."""
    bands = []
    for start, stop in runs:
        for axis in axes:
            along, across = ("x", "y") if axis.startswith("x") else ("y", "x")
            wide = {
                f"{across}ref": f"{axis.replace(along, across)} domain",
                f"{across}0": 0,
                f"{across}1": 1,
            }
            bands.append(
                {
                    "type": "rect",
                    f"{along}ref": axis,
                    f"{along}0": start - 0.5,
                    f"{along}1": stop - 0.5,
                    **wide,
                    "layer": "above" if axis.endswith("3") else "below",
                    "fillcolor": palette.themed("select", dark),
                    "opacity": 0.18,
                    "line": {"width": 0},
                }
            )
    return bands


def chain_bars(ranges: tuple[tuple[int, int], ...]) -> list[dict]:
    """A coloured bar per chain along the top and the left of the PAE matrix."""
    bars = []
    for number, (start, stop) in enumerate(ranges):
        color = palette.CHAIN_COLORS[number % len(palette.CHAIN_COLORS)]
        for along, across in (("x", "y"), ("y", "x")):
            low, high = (1.005, 1.03) if along == "x" else (-0.03, -0.005)
            bars.append(
                {
                    "type": "rect",
                    f"{along}ref": f"{along}3",
                    f"{along}0": start - 0.5,
                    f"{along}1": stop - 0.5,
                    f"{across}ref": f"{across}3 domain",
                    f"{across}0": low,
                    f"{across}1": high,
                    "fillcolor": color,
                    "line": {"width": 0},
                }
            )
    return bars


def _band_marker() -> dict:
    """Markers coloured by band through a stepped scale, so that only numbers ever change."""
    scale = []
    top = 1.0
    for edge, color, _ in palette.PLDDT_BANDS:
        scale = [[edge / 100, color], [top, color], *scale]
        top = edge / 100
    return {"size": 5, "cmin": 0, "cmax": 100, "colorscale": scale, "showscale": False}
