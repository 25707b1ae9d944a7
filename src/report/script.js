"use strict";
// The page is whole without this: it chooses places, measures and weights, filters the parameters, saves tables and opens
// everything for print.
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

// Every chart's numbers as a file: quoted, and words that a spreadsheet would run led by an apostrophe.
const save = (figure, table) => {
  const quoted = (cell) => '"' + cell.textContent.replace(/\u2060/g, "").replace(/^([=+@\t\r\n\uff1d\uff0b\uff0d\uff20-])(?![\d.,£]*$)/, "'$1").replace(/"/g, '""') + '"';
  const text = Array.from(table.rows, (row) => Array.from(row.cells, quoted).join(",")).join("\r\n") + "\r\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = figure.id.replace(/^figure-/, "") + ".csv";
  link.click();
  URL.revokeObjectURL(link.href);
};
const offerToSave = (within) => {
  for (const figure of all("figure", within)) {
    const table = figure.querySelector("table");
    if (table && !figure.querySelector(".save")) {
      const holder = document.createElement("p");
      const button = document.createElement("button");
      const name = document.createElement("span");
      holder.className = "save";
      button.type = "button";
      button.textContent = "Save these numbers as CSV";
      name.className = "hidden";
      name.textContent = ": " + table.caption.textContent;
      button.append(name);
      button.addEventListener("click", () => save(figure, table));
      holder.append(button);
      table.closest("details").append(holder);
    }
  }
};
offerToSave(document);

// Places that are not shown wait as text, which browsers with scripts do not read until it is wanted, or packed: a page
// of many places would be slow to open or too large otherwise.
const put = (kept, html) => {
  const details = kept.closest("details");
  all(":scope > noscript", details).forEach((other) => other !== kept && other.remove());
  kept.replaceWith(document.createRange().createContextualFragment(html));
  offerToSave(details);
};
const unpack = async (packed) => {
  packed.className = "unpacking";
  try {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    put(packed, await new Response(stream).text());
  } catch (error) {
    put(packed, "<p>This browser cannot unpack the charts and tables of this place. Its numbers are in the files beside this page.</p>");
  }
};
const unfold = (details) => {
  const packed = details.querySelector(":scope > .packed");
  const kept = details.querySelector(":scope > noscript");
  if (packed) {
    return unpack(packed);
  }
  if (kept && !details.querySelector(":scope > .unpacking")) {
    put(kept, kept.textContent);
  }
  return null;
};

// One place is shown in every section, or every place; whoever follows a link to another place is shown that one.
const places = all("details.place");
const choosers = all(".chooser select");
if (choosers.length > 0) {
  const show = (place) => {
    const unfolding = [];
    for (const details of places) {
      details.hidden = place !== "" && details.dataset.place !== place;
      details.open = !details.hidden;
      if (details.open) {
        unfolding.push(unfold(details));
      }
    }
    for (const chooser of choosers) {
      chooser.value = place;
    }
    document.documentElement.classList.toggle("every", place === "");
    return Promise.all(unfolding);
  };
  const follow = async () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    const place = id && (target ? target.closest("details.place") : places.find((details) => ("-" + id + "-").includes("-" + details.dataset.place + "-")));
    if (place) {
      await show(place.dataset.place);
      document.getElementById(id)?.scrollIntoView();
    }
  };
  for (const chooser of choosers) {
    chooser.parentElement.hidden = false;
    chooser.addEventListener("change", () => show(chooser.value));
  }
  document.documentElement.classList.add("chosen");
  show(choosers[0].value);
  follow();
  addEventListener("hashchange", follow);
}

const box = document.getElementById("filter");
if (box) {
  const words = document.getElementById("words");
  const grade = document.getElementById("grade");
  const rows = all("#parameters tbody tr");
  const filter = () => {
    const wanted = words.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      const isShown = row.textContent.toLowerCase().includes(wanted) && row.dataset.grade.includes(grade.value);
      row.hidden = !isShown;
      n += isShown ? 1 : 0;
    }
    document.getElementById("count").textContent = n + " of " + rows.length + " parameters";
  };
  box.hidden = false;
  words.addEventListener("input", filter);
  grade.addEventListener("change", filter);
  filter();
}

// The heat map and the tile map of any measure, option and year.
const gap = document.getElementById("gap-data");
if (gap) {
  const data = JSON.parse(gap.textContent);
  const [measure, option, year, service] = ["measure", "option", "year", "service"].map((name) => document.getElementById("show-" + name));
  const fill = (select, names, chosen) => names.forEach((name, index) => select.add(new Option(name, index, false, index === chosen)));
  const nShades = 5;
  const lower = (text) => (/^.[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
  const paint = (figure, fields, texts, cells, shown, finding, caption) => {
    const known = shown.filter((field) => field.value !== null);
    const low = known.reduce((a, b) => (b.value < a.value ? b : a), known[0]);
    const high = known.reduce((a, b) => (b.value >= a.value ? b : a), known[0]);
    shown.forEach((field, index) => {
      const share = field.value === null ? null : high.value > low.value ? (field.value - low.value) / (high.value - low.value) : 0;
      const shade = share === null ? "hx" : "h" + Math.min(Math.floor(share * nShades), nShades - 1);
      fields[index].setAttribute("class", "field " + shade);
      texts[index].forEach((text) => text.setAttribute("class", text.getAttribute("class").replace(/on-h./, "on-" + shade)));
      texts[index][texts[index].length - 1].textContent = field.words;
      cells[index].textContent = field.words;
    });
    const title = !low ? finding.head + ": [x]"
      : low.value === high.value ? finding.head + ": everywhere the same, " + low.words
      : finding.head + ": highest " + finding.name(high) + ", lowest " + finding.name(low);
    figure.querySelector("figcaption").textContent = title;
    figure.querySelector("svg > title").textContent = title;
    figure.querySelector("caption").textContent = caption;
    const ends = low ? [low.words, high.words] : ["[x]", "[x]"];
    figure.querySelector(".key-low").textContent = ends[0];
    figure.querySelector(".key-high").textContent = ends[1];
  };
  const heat = document.getElementById("figure-gap-heat");
  const tiles = document.getElementById("figure-gap-tiles");
  const show = () => {
    const [m, o, y, s] = [measure, option, year, service].map((select) => Number(select.value));
    const [nAreas, nServices] = [data.areas.length, data.services.length];
    const at = (area, of) => ((y * data.options.length + o) * nServices + of) * nAreas + area;
    const field = (area, of) => ({ area, of, value: data.measures[m].values[at(area, of)], words: data.measures[m].words[at(area, of)] });
    const head = data.measures[m].title + ", " + data.options[o] + ", " + data.years[y];
    const byPlace = data.areas.flatMap((_, area) => data.services.map((_, of) => field(area, of)));
    const named = (found) => "in " + data.areas[found.area] + (nServices > 1 ? " for " + lower(data.services[found.of]) : "") + " (" + found.words + ")";
    const texts = all(".value", heat).map((text) => [text]);
    paint(heat, all(".field", heat), texts, all("tbody td", heat), byPlace, { head, name: named }, head);
    if (tiles) {
      const fields = [], words = [], shown = [], cells = [];
      const rects = all(".field", tiles);
      data.codes.forEach((area, tile) => {
        if (area === null) return;
        const own = [];
        for (let next = rects[tile].nextElementSibling; next && next.tagName === "text" && /value|tile/.test(next.getAttribute("class")); next = next.nextElementSibling) {
          if (/tile/.test(next.getAttribute("class"))) own.unshift(next); else own.push(next);
        }
        fields.push(rects[tile]);
        words.push(own);
        shown.push(field(area, s));
        cells.push(all("tbody td", tiles)[area]);
      });
      const named = (found) => "in " + data.areas[found.area] + " (" + found.words + ")";
      const lead = data.services[s] + ". " + head;
      paint(tiles, fields, words, cells, shown, { head: lead, name: named }, data.services[s] + ": " + lower(head));
    }
  };
  fill(measure, data.measures.map((one) => one.title), 0);
  fill(option, data.options, data.comparator);
  fill(year, data.years, data.years.length - 1);
  fill(service, data.services, data.service);
  if (!tiles) {
    service.hidden = true;
    document.querySelector('label[for="show-service"]').hidden = true;
  }
  document.getElementById("explorer").hidden = false;
  [measure, option, year, service].forEach((select) => select.addEventListener("change", show));
}

// Weights of criteria: the weighted sum of values, by the shares of the weights, and ranks that ties share.
const weights = document.getElementById("weights");
if (weights) {
  const data = JSON.parse(document.getElementById("weights-data").textContent);
  const sliders = all("input", weights);
  const rows = all("#ranks tbody tr");
  const said = document.getElementById("weights-said");
  // The digits of the report, where a number in the middle of two takes the even one.
  const round = (value, digits) => {
    const exact = Math.abs(value).toFixed(digits + 15);
    const below = exact.slice(0, exact.length - 15).replace(/\.$/, "");
    const isEvenTie = /^50*$/.test(exact.slice(-15)) && Number(below.slice(-1)) % 2 === 0;
    const text = isEvenTie ? below : Math.abs(value).toFixed(digits);
    return (value < 0 && /[1-9]/.test(text) ? "\u2212" : "") + text;
  };
  const show = () => {
    const given = sliders.map((slider, index) => (slider.dataset.moved ? Number(slider.value) : data.weights[index]));
    const whole = given.reduce((a, b) => a + b, 0);
    given.forEach((weight, index) => {
      sliders[index].nextElementSibling.textContent = String(Number(weight.toPrecision(4)));
    });
    if (whole <= 0) {
      rows.forEach((row) => all("td", row).forEach((cell) => (cell.textContent = "[x]")));
      said.textContent = "Without any weight there is no value.";
      return;
    }
    const totals = rows.map((_, option) => given.reduce((sum, weight, of) => sum + data.values[of][option] * (weight / whole), 0));
    const ranks = totals.map((own) => 1 + totals.filter((total) => total - own > data.rounding * Math.max(Math.abs(total), Math.abs(own))).length);
    rows.forEach((row, option) => {
      const size = Math.abs(totals[option]);
      row.cells[1].textContent = round(totals[option], size >= 100 ? 0 : size >= 10 ? 1 : 2);
      row.cells[2].textContent = String(ranks[option]);
    });
    const first = rows.filter((_, option) => ranks[option] === 1).map((row) => row.cells[0].textContent);
    said.textContent = "Worth most by these weights: " + first.join(", ") + ".";
  };
  for (const slider of sliders) {
    slider.addEventListener("input", () => {
      slider.dataset.moved = "yes";
      show();
    });
  }
  document.getElementById("weights-reset").addEventListener("click", () => {
    sliders.forEach((slider, index) => {
      delete slider.dataset.moved;
      slider.value = data.weights[index];
    });
    show();
  });
  weights.hidden = false;
  show();
}

// What print opens, print closes again.
const opened = [];
addEventListener("beforeprint", () => {
  for (const details of all("details")) {
    if (!details.open) {
      details.open = true;
      opened.push(details);
    }
  }
});
addEventListener("afterprint", () => {
  opened.splice(0).forEach((details) => (details.open = false));
});
