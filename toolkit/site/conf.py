"""Settings of Sphinx for the site; build_site.py lays out the pages that it reads."""

import latex2mathml.converter
from docutils.nodes import SkipNode

project = "metarl"
author = "The metarl developers"
copyright = "The metarl developers, Apache-2.0"
extensions = ["myst_nb", "sphinx_design"]
html_title = "metarl"
html_theme = "pydata_sphinx_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["figures.js"]
html_copy_source = False
html_show_sphinx = False
html_sidebars = {"index": [], "gallery": [], "api": [], "docs/cheat-sheet": [], "toolkit/**": [],
                 "notebooks/*": ["page-toc", "sidebar-nav-bs"]}
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "metarl"},
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "show_nav_level": 1,
    # code and figures of a notebook need the width
    "secondary_sidebar_items": {"*": ["page-toc"], "docs/*": ["page-toc"], "experiments/**": ["page-toc"]},
    "article_footer_items": ["prev-next"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "pygments_light_style": "tango",
    "pygments_dark_style": "github-dark",
}
html_math_renderer = "mathml"
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 4
# a notebook's outputs have several forms; the first that a page can show is taken
suppress_warnings = ["mystnb.unknown_mime_type"]


def mathml(self, node, display):
    """A formula as MathML, which browsers draw by themselves."""
    formula = latex2mathml.converter.convert(node.astext(), display=display)
    self.body.append(f'<div class="formula">{formula}</div>' if display == "block" else formula)
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (lambda self, node: mathml(self, node, "inline"), None),
                               (lambda self, node: mathml(self, node, "block"), None))
