#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds the site, lets its search box find the middle of names, and gives it its own copy of what renders formulas, so
# that it works without a network.
#   build-site.sh DOXYGEN DOXYFILE HTML [MATHJAX]    MathJax 2, as Debian's libjs-mathjax installs it
set -eu
doxygen=$1 doxyfile=$2 html=$3 mathjax=${4-}

rm -rf "$html"
"$doxygen" "$doxyfile"

# Doxygen's box looks for beginnings, among the names with the same first letter. All names here begin with mfl_: one list
# of everything, and matches anywhere.
cd "$html/search"
cat all_*.js | sed -n "s/^  \(\['.*\]\),*$/\1/p" | awk 'BEGIN { print "var searchData=\n[" }
    { printf "%s  %s", separator, $0; separator = ",\n" } END { print "\n];" }' >all
mv all all_0.js
sed -e 's/rowMatchName.substr(0, search.length)==search/rowMatchName.indexOf(search)>=0/' \
    -e 's/var idx = \(indexSections.*\);$/var idx = this.searchIndex==0 ? 0 : \1;/' search.js >changed
mv changed search.js
cd - >/dev/null

[ -n "$mathjax" ] || exit 0
for part in MathJax.js extensions/tex2jax.js extensions/MathEvents.js extensions/MathMenu.js extensions/MathZoom.js \
    extensions/TeX jax/element jax/input/TeX jax/output/SVG/jax.js jax/output/SVG/config.js jax/output/SVG/autoload \
    jax/output/SVG/fonts/TeX; do
    mkdir -p "$(dirname "$html/mathjax/$part")"
    cp -R "$mathjax/$part" "$html/mathjax/$part"
done
