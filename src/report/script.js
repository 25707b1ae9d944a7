"use strict";
// The page is whole without this: it only chooses a place or a series, filters the parameters, and opens everything for print.
const places = Array.from(document.querySelectorAll("details.place"));
const chooser = document.getElementById("area");
if (chooser) {
  const show = (id) => {
    for (const place of places) {
      place.hidden = place.id !== id;
      place.open = place.id === id;
    }
  };
  document.getElementById("chooser").hidden = false;
  document.documentElement.classList.add("chosen");
  chooser.addEventListener("change", () => show(chooser.value));
  const follow = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const place = target && target.closest("details.place");
    if (place) {
      chooser.value = place.id;
      show(place.id);
      target.scrollIntoView();
    }
  };
  show(chooser.value);
  follow();
  addEventListener("hashchange", follow);
}
const box = document.getElementById("filter");
if (box) {
  const words = document.getElementById("words");
  const grade = document.getElementById("grade");
  const rows = Array.from(document.querySelectorAll("#parameters tbody tr"));
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
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) {
    details.open = !details.hidden;
  }
});
