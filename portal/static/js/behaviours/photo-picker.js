// <photo-picker data-limit data-remove data-too-large data-too-many>: shows the photos chosen, adds to them, takes one away.
const LARGEST = 10_000_000;
const same = (one, other) => ["name", "size", "lastModified"].every((key) => one[key] === other[key]);
const make = (tag, className, more) => Object.assign(document.createElement(tag), { className }, more);

class PhotoPicker extends HTMLElement {
  #files = [];
  #list = make("ul", "photos");
  #words = make("p", "field__message", { role: "status" });

  connectedCallback() {
    this.append(this.#list, this.#words);
    this.input.addEventListener("change", this);
    this.input.form?.addEventListener("reset", this);
    this.add([...this.input.files]); // what the browser kept over a reload, or an upgrade came late for
  }

  get input() {
    return this.querySelector("input[type=file]");
  }

  handleEvent(event) {
    if (event.type === "reset") this.#files = [];
    this.add(event.type === "reset" ? [] : [...this.input.files]);
  }

  add(files) {
    const more = files.filter((file) => !this.#files.some((known) => same(known, file)));
    const all = [...this.#files, ...more];
    this.#files = all.slice(0, Number(this.dataset.limit ?? 5));
    this.show(all.length > this.#files.length ? this.dataset.tooMany : "");
  }

  show(words = "") {
    const sent = new DataTransfer();
    for (const file of this.#files) if (file.size <= LARGEST) sent.items.add(file);
    this.input.files = sent.files;
    for (const image of this.#list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.#list.replaceChildren(...this.#files.map((file) => this.item(file)));
    this.#list.hidden = !this.#files.length;
    this.#words.textContent = words;
    this.#words.hidden = !words;
  }

  item(file) {
    const item = make("li", "photos__item");
    const remove = make("button", "photos__remove", { type: "button", textContent: this.dataset.remove ?? "×" });
    remove.setAttribute("aria-label", `${remove.textContent} ${file.name}`);
    remove.addEventListener("click", () => this.drop(file));
    const image = make("img", "photos__image", { src: URL.createObjectURL(file), alt: file.name });
    image.addEventListener("error", () => image.replaceWith(make("span", "photos__image photos__name", { textContent: file.name })));
    item.append(image, remove);
    if (file.size > LARGEST) item.append(make("p", "field__message", { textContent: this.dataset.tooLarge ?? "" }));
    return item;
  }

  drop(file) {
    this.#files = this.#files.filter((kept) => kept !== file);
    this.show();
    (this.#list.querySelector("button") ?? this.input).focus();
  }
}

customElements.define("photo-picker", PhotoPicker);
