"""The page of a notebook: one file that fetches nothing, formulas as MathML."""

import latex2mathml.converter
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# of nbconvert's template: scripts that would be fetched; formulas are MathML here, and no output of ours needs them
FETCHED = ("html_head_js_requirejs", "html_head_js", "html_head_js_mathjax", "html_head_js_mermaidjs", "jupyter_widgets")
TEMPLATE = "{%- extends 'index.html.j2' -%}\n" + "\n".join(f"{{% block {name} %}}{{% endblock {name} %}}" for name in FETCHED)


def mathml(tex, display):
    """A formula as MathML, which browsers draw by themselves; as it was written, if it is not LaTeX that is understood."""
    try:
        return latex2mathml.converter.convert(tex, display=display)
    except Exception:
        return None


class Renderer(IPythonRenderer):
    """Markdown with formulas."""

    def inline_math(self, body):
        return mathml(body, "inline") or super().inline_math(body)

    def block_math(self, body):
        return mathml(body, "block") or super().block_math(body)

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block") or super().latex_environment(name, body)


class PageExporter(HTMLExporter):
    """A page with everything in it."""

    def markdown2html(self, context, source):
        renderer = Renderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}), embed_images=True,
                            path=context.get("resources", {}).get("metadata", {}).get("path", ""), anchor_link_text=self.anchor_link_text,
                            exclude_anchor_links=self.exclude_anchor_links, **self.lexer_options)
        return MarkdownWithMath(renderer=renderer).render(source)

    # jinja passes the context to what carries the mark of the original
    markdown2html.jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg


def page_of(notebook, path):
    """HTML of a notebook that lies at a path."""
    exporter = PageExporter(raw_template=TEMPLATE)
    return exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem, "path": str(path.parent)}})[0]
