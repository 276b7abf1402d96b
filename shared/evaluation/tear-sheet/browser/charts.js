// Draws every figure that has chart data beside it, and draws it again for another horizon or width.
(() => {
  const msPerDay = 86400000;
  const style = getComputedStyle(document.body);
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);

  // The rule of number-format.ts, with fixed digits or, on an axis, as many as the tick has.
  const writer =
    ({ scale, digits, unit }, fixed) =>
    (value) => {
      if (typeof value !== "number" || !Number.isFinite(value)) return "–";
      const text = Math.abs(value * scale).toLocaleString("en-US", {
        minimumFractionDigits: fixed ? digits : 0,
        maximumFractionDigits: fixed ? digits : Math.max(digits, 4),
      });
      return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text + unit;
    };

  const listOf = (value) => (value === undefined ? [] : [value].flat());

  // First day and steps to times.
  const expandDays = ({ source }) => {
    let now = 0;
    if (source.day) source.day = source.day.map((step) => (now += step) * msPerDay);
  };

  const complete = ({ option, formats }) => {
    for (const data of listOf(option.dataset)) expandDays(data);
    for (const axis of listOf(option.xAxis)) {
      if (axis.type === "time") axis.axisPointer = { label: { formatter: (at) => day(at.value) } };
      if (axis.type === "value" && formats.x) {
        axis.axisLabel = { ...axis.axisLabel, formatter: writer(formats.x, false) };
        axis.axisPointer = {
          ...axis.axisPointer,
          label: { formatter: (at) => writer(formats.x, true)(at.value) },
        };
      }
    }
    listOf(option.yAxis).forEach((axis, at) => {
      if (formats.y?.[at]) axis.axisLabel.formatter = writer(formats.y[at], false);
    });
    listOf(option.series).forEach((series, at) => {
      const format = formats.series?.[at];
      if (format) {
        series.tooltip = {
          ...series.tooltip,
          valueFormatter: (value) => writer(format, true)([value].flat().at(-1)),
        };
      }
    });
    const pointer = { type: "line", lineStyle: { color: "var(--ink-3)", width: 1 } };
    return {
      animation: false,
      useUTC: true,
      textStyle: { fontFamily: style.fontFamily },
      ...option,
      tooltip: {
        trigger: "axis",
        confine: true,
        transitionDuration: 0,
        axisPointer: pointer,
        className: "tip",
        backgroundColor: "var(--paper)",
        borderColor: "var(--rule)",
        textStyle: { color: "var(--ink)", fontSize: 12 },
        ...option.tooltip,
      },
    };
  };

  const draw = (place) => {
    const charts = JSON.parse(place.nextElementSibling.textContent);
    const ready = new Map();
    const chart = echarts.init(place, null, { renderer: "svg" });
    // With a view box, paper of any size scales the drawing by style alone.
    chart.on("rendered", () => {
      const box = `0 0 ${chart.getWidth()} ${chart.getHeight()}`;
      place.querySelector("svg").setAttribute("viewBox", box);
    });
    const show = (key) => {
      const data = charts[key];
      place.classList.toggle("absent", data === null);
      if (!data) return chart.clear();
      if (!ready.has(key)) ready.set(key, complete(data));
      place.setAttribute("aria-label", data.label);
      chart.setOption(ready.get(key), { notMerge: true });
    };
    const chosen = document.querySelector("[data-horizons] :checked")?.value;
    const key = "" in charts ? "" : chosen in charts ? chosen : Object.keys(charts)[0];
    show(key);
    if (key !== "") document.addEventListener("horizon", ({ detail }) => show(detail));
    new ResizeObserver(() => chart.resize()).observe(place);
  };

  for (const place of document.querySelectorAll(".chart")) draw(place);
})();
