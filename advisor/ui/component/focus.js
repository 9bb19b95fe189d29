// What a Streamlit page cannot do by itself: put the focus where reading goes on, and link an error to its field.
//
// data: page    names the page and step; when it changes, the focus goes to the heading
//       heading the text of the heading, to wait for it
//       errors  pairs of a field and its message; a new `attempt` moves the focus to this summary
//       names   accessible names for links whose visible text needs their row, by the key of their container
//       groups  accessible names for groups of fields, by the key of their container
//
// It also lets the keyboard reach tables that scroll sideways, and long files that scroll in their box.

const WAIT_MS = 4000;
let watching = false;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".advisor-focus") || parentElement;
  if (root.dataset.attempt !== String(data.attempt)) {
    root.dataset.attempt = String(data.attempt);
    show(root, data.errors);
  }
  if (root.dataset.page !== data.page) {
    root.dataset.page = data.page;
    if (!data.errors.length) soon(() => reachHeading(data.heading));
  }
  soon(() => label(data.names, " a"));
  soon(() => label(data.groups, "", "group"));
  watchTables();
}

// What is too wide for the window or too long for its box scrolls; the keyboard reaches it only if it can have the focus.
function watchTables() {
  if (watching) return;
  watching = true;
  let waiting = false;
  const later = () => {
    if (waiting) return; // a page that keeps changing must not put it off for ever
    waiting = true;
    setTimeout(reach, 60);
  };
  const sizes = new ResizeObserver(later); // a table may outgrow its box without any change of the document
  const reach = () => {
    waiting = false;
    for (const part of document.querySelectorAll('[data-testid="stTable"], [data-testid="stTable"] div, [data-testid="stCode"] pre')) {
      const style = getComputedStyle(part);
      const wide = part.scrollWidth > part.clientWidth && style.overflowX !== "visible";
      const long = part.scrollHeight > part.clientHeight && style.overflowY !== "visible";
      if (wide || long) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
      sizes.observe(part);
      if (part.firstElementChild) sizes.observe(part.firstElementChild);
    }
  };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", later);
  later();
}

function show(root, errors) {
  root.replaceChildren();
  root.removeAttribute("role");
  root.removeAttribute("aria-labelledby");
  if (!errors.length) return;
  const heading = document.createElement("h2");
  heading.textContent = "There is a problem";
  heading.id = "advisor-errors";
  const list = document.createElement("ul");
  for (const [field, text] of errors) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = "#";
    link.textContent = text;
    link.onclick = (event) => {
      event.preventDefault();
      const target = document.querySelector(
        `.st-key-${field} input:not([disabled]), .st-key-${field} textarea, .st-key-${field} button`,
      );
      if (target) target.focus();
    };
    item.append(link);
    list.append(item);
  }
  root.append(heading, list);
  root.setAttribute("role", "alert");
  root.setAttribute("aria-labelledby", heading.id);
  root.tabIndex = -1;
  soon(() => {
    root.focus();
    return document.activeElement === root;
  });
}

function reachHeading(text) {
  const heading = document.querySelector("[data-testid=stMain] h1");
  if (!heading || heading.textContent.trim() !== text.trim()) return false;
  const main = document.querySelector("[data-testid=stMain]");
  if (main) main.scrollTo(0, 0);
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

function label(names, inside, role) {
  let complete = true;
  for (const [key, name] of Object.entries(names)) {
    const element = document.querySelector(`.st-key-${key}${inside}`);
    if (!element) {
      complete = false;
      continue;
    }
    if (role) element.setAttribute("role", role);
    element.setAttribute("aria-label", name);
  }
  return complete;
}

// Streamlit adds the elements of a page one by one: try until it works, and give up after a while.
function soon(attempt, since = performance.now()) {
  if (attempt() || performance.now() - since > WAIT_MS) return;
  setTimeout(() => soon(attempt, since), 40);
}
