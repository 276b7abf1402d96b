// Tables whose headings are buttons: numbers from high to low at first, text from a to z, cells without a value last.
(() => {
  const valueOf = (row, column) => {
    const text = row.cells[column].dataset.value ?? "";
    return text === "" ? undefined : Number.isNaN(Number(text)) ? text : Number(text);
  };
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    for (const [column, head] of heads.entries()) {
      head.querySelector("button")?.addEventListener("click", () => {
        const rows = [...body.rows];
        const before = head.getAttribute("aria-sort");
        const isText = rows.some((row) => typeof valueOf(row, column) === "string");
        const ascending = before === "none" ? isText : before === "descending";
        for (const other of heads) if (other.ariaSort) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        rows.sort((left, right) => {
          const [a, b] = [valueOf(left, column), valueOf(right, column)];
          if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
          return ascending ? compare(a, b) : compare(b, a);
        });
        body.append(...rows);
      });
    }
  }
})();
