// Icons, drawn for this project; they take Lab's colours.

import { components } from "./lab.js";

const HELIX =
  '<path d="M18 16L6 13M18 10L6 7" stroke-width="1.3" stroke-linecap="round"/>' +
  '<path d="M6 20L18 16M6 13L18 10M6 7L18 3.5" stroke-width="3" stroke-linecap="round"/>';
const PAGE =
  '<path d="M6 2h8l5 5v15H6z" fill="none" stroke-width="1.5" stroke-linejoin="round"/><path d="M14 2v5h5" fill="none" stroke-width="1.5"/>';
const CHAIN =
  '<path d="M15 15L9.5 13.2M9.5 18.5L15 15M9.5 13.2L15 10.5" stroke-width="1.7" stroke-linecap="round"/>';
const LETTERS = '<path d="M9 11h7M9 14.5h7M9 18h4" stroke-width="1.6" stroke-linecap="round"/>';
const DESIGN =
  '<path d="M12.5 10.5l1.4 2.9 3.1.4-2.3 2.2.6 3.1-2.8-1.5-2.8 1.5.6-3.1L8 13.8l3.1-.4z" fill="none" stroke-width="1.4" stroke-linejoin="round"/>';

function icon(name, drawing) {
  const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="esm3-icon">${drawing}</g></svg>`;
  return new components.LabIcon({ name: `esm3-workbench:${name}`, svgstr });
}

export const benchIcon = icon("bench", HELIX);

const structureIcon = icon("structure", PAGE + CHAIN);

/** Icons of the file types, by the type's name. */
export const fileIcons = {
  "esm3-pdb": structureIcon,
  "esm3-mmcif": structureIcon,
  "esm3-bcif": structureIcon,
  "esm3-fasta": icon("fasta", PAGE + LETTERS),
  "esm3-design": icon("design", PAGE + DESIGN),
};
