// What the page asks of the server. Acts go one after the other, each with the version of the files that the page has seen.

const xsrf = document.querySelector("meta[name=xsrf]").content;
let line = Promise.resolve();

export async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Send an act; resolves to [status, answer]. `wait` gives its body when its turn has come. */
export function post(wait) {
  const turn = line.then(() => send(wait()));
  line = turn.catch(() => {});
  return turn;
}

export async function send(body, keepalive = false, path = "api/act") {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
    body: JSON.stringify(body),
    keepalive,
  });
  const json = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  return [answer.status, json ? await answer.json() : null];
}

/** Events of the server: `hear` gets each, `lost` and `found` when the line breaks and comes back. */
export function listen(hear, lost, found) {
  const source = new EventSource("api/events");
  source.onmessage = (event) => hear(JSON.parse(event.data));
  source.onerror = lost;
  source.onopen = found;
  window.addEventListener("pagehide", () => source.close());
}
