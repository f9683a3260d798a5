const page = (body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Financial Analysis Engine</title></head>
<body><h1>Financial Analysis Engine</h1>${body}</body>
</html>
`;

/** Asks for the token; `complaint` is our own text, never a visitor's. Without styles and scripts, which the policy refuses inline. */
export const loginPage = (complaint = ''): string =>
  page(`<p>${complaint}</p>
<form method="post" action="/login">
<label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Log in</button>
</form>`);

/** What `/` shows where the web page was not built. */
export const pageNotBuilt = page(`<p>The web page is not built: <code>npm run build</code> builds it.</p>
<p>The API is here: <a href="/api/openapi.json">description</a>, <a href="/api/symbols">symbols</a>,
<a href="/api/metrics">metrics</a>, <a href="/api/pipeline">pipeline</a>, <a href="/api/quarantine">quarantine</a>.</p>`);
