// form[data-autosubmit]: a filter is asked for as soon as it is chosen; its button is for who has no scripts.
document.addEventListener("change", (event) => event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit());
