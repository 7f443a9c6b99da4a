"""What keeps somebody from using a page: rules of axe-core, and rules of this project.

Every control has a name on hover and for who hears the page, and a grey one says why it is grey.
"""

import pytest
from playwright.sync_api import Page

from .lab import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = """async (within) => {
  const found = await axe.run({include: [within]}, {resultTypes: ['violations']});
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map(({html, any}) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`));
}"""
CONTROLS = """(within) => {
  const said = (one) => [one.getAttribute('aria-label'), one.labels?.[0]?.textContent,
    one.textContent, one.placeholder].some((text) => text?.trim());
  const wrong = [];
  const all = `${within} :is(button, input, select, textarea, canvas, [role=button], [tabindex])`;
  for (const one of document.querySelectorAll(all)) {
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    if (one.closest('.js-plotly-plot, .esm-stage[aria-label]')) continue;
    const html = one.outerHTML.slice(0, 160);
    if (!said(one) && !one.title.trim()) wrong.push(`no name: ${html}`);
    if (one.matches('button') && !one.textContent.trim() && !one.title.trim())
      wrong.push(`no name on hover: ${html}`);
    const reason = one.getAttribute('aria-description')?.trim();
    if (one.disabled && !(reason && one.title.includes(reason))) wrong.push(`no reason: ${html}`);
  }
  return wrong;
}"""


def prepare(page: Page) -> None:
    """Have the pages that are opened from now on carry axe-core."""
    if not AXE.exists():
        pytest.skip("`npm ci` installs axe-core")
    page.add_init_script(path=AXE)


def complaints(page: Page, within: str) -> list[str]:
    """What is wrong with the visible part of the page inside this selector."""
    return page.evaluate(RULES, within) + page.evaluate(CONTROLS, within)
