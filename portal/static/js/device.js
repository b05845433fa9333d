// What somebody has chosen on this device: kept in the browser, never sent. A browser that keeps nothing knows it until the
// next page. Whoever follows a choice hears `kept`, with its name, on the document.
const here = new Map();

export function kept(name) {
  try {
    return here.get(name) ?? localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  here.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    here.delete(name);
  } catch {
    // Then it is known here alone.
  }
  document.dispatchEvent(new CustomEvent("kept", { detail: name }));
}
