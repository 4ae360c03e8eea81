# SPDX-License-Identifier: BSD-3-Clause
"""The site as a reader without a network has it: every function is found by its search box, links lead somewhere, and
nothing is loaded from elsewhere.

site.py HTML MAP    the folder that Doxygen wrote, and lib/libmflearn.map
"""
import html.parser
import pathlib
import re
import sys
import urllib.parse


class Links(html.parser.HTMLParser):
    """What a file loads, what it links to, and its anchors."""

    def __init__(self, file):
        super().__init__()
        self.loads, self.links, self.anchors = [], [], set()
        self.feed(file.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(filter(None, (attributes.get('id'), attributes.get('name'))))
        if tag == 'a' and attributes.get('href'):
            self.links.append(attributes['href'])
        elif tag in ('script', 'img', 'object', 'iframe') and (attributes.get('src') or attributes.get('data')):
            self.loads.append(attributes.get('src') or attributes['data'])
        elif tag == 'link':
            self.loads.append(attributes['href'])


def problems(site, exported):
    searched = (site / 'search' / 'all_0.js').read_text()
    if 'indexOf(search)' not in (site / 'search' / 'search.js').read_text():
        yield 'the search box finds beginnings of names only; build-site.sh does not know this Doxygen'
    missing = [name for name in exported if f"'{name}'" not in searched]
    if missing:
        yield f'the search box does not know {", ".join(missing)}'
    if not exported:
        yield 'the map has no functions'
    pages = {file.name: Links(file) for file in site.glob('*.html')}
    for name, page in pages.items():
        for address in page.loads:
            if address.startswith('javascript:'):
                continue
            if '://' in address:
                yield f'{name} loads {address}'
            elif not (site / address).exists():
                yield f'{name} loads {address}, which is not there'
        for link in page.links:
            file, _, anchor = urllib.parse.unquote(link).partition('#')
            file = file or name
            if '://' in link or link.startswith('javascript:'):
                continue
            if not (site / file).exists():
                yield f'{name} links to {link}, which is not there'
            elif anchor and file in pages and anchor not in pages[file].anchors:
                yield f'{name} links to {link}, which has no such anchor'
    print(f'{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links, '
          f'{len(exported)} functions in the search box')


def main(site, symbols):
    exported = re.findall(r'\b(mfl_\w+);', pathlib.Path(symbols).read_text())
    found = list(problems(pathlib.Path(site), exported))
    print('\n'.join(found))
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
