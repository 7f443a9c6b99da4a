// The files that a bench opens, by the ends of their names.

const DESIGN = ".design";
const PACKED = ".gz";
const KINDS = [
  kind("esm3-pdb", "PDB structure", "chemical/x-pdb", [".pdb", ".ent"]),
  kind("esm3-mmcif", "mmCIF structure", "chemical/x-mmcif", [".cif", ".mmcif"]),
  kind("esm3-fasta", "FASTA sequences", "text/x-fasta", [".fasta", ".fa", ".fas", ".faa", ".a3m"]),
  kind("esm3-bcif", "BinaryCIF structure", "application/octet-stream", [".bcif"], "base64"),
  kind("esm3-design", "ESM3 design record", "application/zip", [DESIGN], "base64"),
];

/** File types for Lab's registry; what is packed or binary is no text to its editor. */
export function fileTypes(icons) {
  return KINDS.flatMap((plain) => {
    const icon = icons[plain.name];
    const packed = {
      ...kind(`${plain.name}-gz`, `${plain.displayName}, packed`, "application/gzip", [], "base64"),
      extensions: plain.extensions.filter((end) => end !== DESIGN).map((end) => end + PACKED),
    };
    return [plain, packed].map((type) => ({ ...type, icon })).filter(({ extensions }) => extensions.length);
  });
}

/** Whether Lab's text editor can show a file of this name. */
export function isText(path) {
  const name = path.toLowerCase();
  return KINDS.some(
    ({ fileFormat, extensions }) => fileFormat === "text" && extensions.some((end) => name.endsWith(end)),
  );
}

function kind(name, displayName, mimeType, extensions, fileFormat = "text") {
  return { name, displayName, mimeTypes: [mimeType], extensions, contentType: "file", fileFormat };
}
