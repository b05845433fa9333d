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

/** Keep no choice any more whose name begins so. */
export function forget(start) {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(start)) keep(name, null);
  } catch {
    // Nothing is kept here.
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
