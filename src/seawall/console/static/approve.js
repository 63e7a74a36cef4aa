"use strict";
// Registers a security key; signs one exact change with it, whose digest is the challenge. Nothing is kept here.
(() => {
  if (window.seawallSigns) return;
  window.seawallSigns = true;
  const raw = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = async (path, csrf, body) => {
    const answer = await fetch(path, { method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, Accept: "application/json" }, body: JSON.stringify(body) });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail + (told.mend ? ": " + told.mend : ""));
    return told;
  };
  const register = async (button, said) => {
    const { ticket, publicKey } = await post("/api/v1/security-keys/challenge", button.dataset.csrf, {});
    const made = await navigator.credentials.create({ publicKey: { ...publicKey, challenge: raw(publicKey.challenge),
      user: { ...publicKey.user, id: raw(publicKey.user.id) },
      excludeCredentials: (publicKey.excludeCredentials || []).map((one) => ({ ...one, id: raw(one.id) })) } });
    const credential = { id: made.id, rawId: text(made.rawId), type: made.type, response: {
      attestationObject: text(made.response.attestationObject), clientDataJSON: text(made.response.clientDataJSON) } };
    const done = await post("/api/v1/security-keys", button.dataset.csrf, { ticket, credential });
    said.textContent = "Offered, " + done.fingerprint + ". Sign it off: " + done.sign_off;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-sign], [data-register]");
    if (!button || button.disabled) return;
    const said = button.parentElement.querySelector("[role=status]");
    button.disabled = true;
    try {
      if ("register" in button.dataset) return await register(button, said);
      const deed = "?deed=" + button.dataset.deed;
      const asked = await post(button.dataset.sign + "/challenge" + deed, button.dataset.csrf, {});
      const options = { ...asked.publicKey, challenge: raw(asked.publicKey.challenge),
        allowCredentials: asked.publicKey.allowCredentials.map((one) => ({ ...one, id: raw(one.id) })) };
      const { response } = await navigator.credentials.get({ publicKey: options });
      const done = await post(button.dataset.sign + "/approvals" + deed, button.dataset.csrf, { ticket: asked.ticket, assertion: {
        authenticatorData: text(response.authenticatorData), clientDataJSON: text(response.clientDataJSON), signature: text(response.signature) } });
      said.textContent = done.approvers.length + " of " + done.needed + " signatures";
    } catch (error) { said.textContent = error.message; button.disabled = false; }
  });
})();
