// A chart is a picture until it is pointed at; then Plotly and the chart's data are loaded, once.
(() => {
  const here = document.currentScript.src, waiting = {}
  const load = name => new Promise((done, failed) => {
    const script = document.createElement("script")
    Object.assign(script, { src: new URL(name, here), onload: done, onerror: failed })
    document.head.append(script)
  })
  // below, the margins that were chosen for a whole chart leave no room in it
  const NARROWEST = 560
  let plotly
  window.metarlFigure = (name, figure) => { waiting[name] = figure }

  async function draw(element) {
    const name = element.dataset.figure, picture = element.querySelector("img")
    element.removeAttribute("data-figure")
    plotly ??= load("plotly.min.js")
    await Promise.all([plotly, load(`../figures/${name}.js`)])
    const chart = document.createElement("div")
    chart.setAttribute("role", "img")
    chart.setAttribute("aria-label", picture.alt)
    chart.style.height = `${picture.clientHeight}px`
    picture.replaceWith(chart)
    const { data, layout } = waiting[name]
    Plotly.newPlot(chart, data, { ...layout, height: undefined }, { responsive: true, displayModeBar: false })
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-figure]").forEach(element =>
    ["pointerenter", "focus"].forEach(event => element.addEventListener(event, () => { if (element.dataset.figure && element.clientWidth >= NARROWEST) draw(element) }))))
})()
