// The QR code of a receipt carries number and secret behind the #, which no server sees: here they are put into the form.
const [, secret = ""] = location.hash.slice(1).split(".");
const field = document.querySelector("[name=secret], [name=entry]");
if (secret && field && !field.value) {
  field.value = secret;
  history.replaceState(null, "", location.pathname);
}
