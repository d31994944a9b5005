// A passkey: asks the browser to make or use one, and sends what it says with the form. The server sends and reads
// bytes as base64url text; browsers work with buffers.

export default function passkey(form) {
  if (!globalThis.PublicKeyCredential) return;
  form.hidden = false;
  const { publicKey } = JSON.parse(form.querySelector("#passkey-options").textContent);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.ceremony]({ publicKey: withBuffers(publicKey) });
      form.elements.credential.value = JSON.stringify(withText(credential));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}

function withBuffers(options) {
  const keys = (list) => list?.map((key) => ({ ...key, id: buffer(key.id) }));
  return {
    ...options,
    challenge: buffer(options.challenge),
    ...(options.user && { user: { ...options.user, id: buffer(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
  };
}

function withText(credential) {
  const { response } = credential;
  const bytes = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const answered = bytes.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(answered),
  };
}

function buffer(words) {
  const plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
