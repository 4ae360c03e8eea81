# SPDX-License-Identifier: BSD-3-Clause
# Pages as Doxygen reads them. Formulas are $`...`$ and blocks ```math, as forges show them, and become Doxygen's; without
# a renderer (-v rendered=0) they stay as text. Long pages get a table of contents, blocks of sh and math no highlighter.
function inline(line,    out, at, length_, formula) {
    out = ""
    while ((at = index(line, "$`")) > 0) {
        length_ = index(substr(line, at + 2), "`$")
        if (length_ == 0)
            break
        formula = substr(line, at + 2, length_ - 1)
        out = out substr(line, 1, at - 1) (rendered ? "\\f$" formula "\\f$" : "``" formula "``")
        line = substr(line, at + length_ + 3)
    }
    return out line
}
# Doxygen knows anchors by their names alone.
function links(line) { gsub(/\]\([a-z_]+\.md#/, "](@ref ", line); return line }
FNR == 1 { inside = "" }
inside == "" && /^```math$/ { inside = "math"; print rendered ? "\\f[" : "```{.unparsed}"; next }
inside == "math" && /^```$/ { inside = ""; print rendered ? "\\f]" : "```"; next }
inside == "" && /^```[a-z]+$/ { inside = "code"; print /^```(c|cpp|python|fortran|js)$/ ? $0 : "```{.unparsed}"; next }
inside == "code" && /^```$/ { inside = "" }
inside == "" && /^# / { print; print "\n[TOC]"; next }
{ print inside == "" ? links(inline($0)) : $0 }
