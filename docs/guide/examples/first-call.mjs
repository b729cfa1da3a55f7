const { CLUTCH_URL, CLUTCH_KEY, CLUTCH_SECRET, CLUTCH_BRAND, CLUTCH_LOCATION, CLUTCH_TERMINAL } = process.env;

const response = await fetch(`${CLUTCH_URL}/merchant/search`, {
  method: "POST",
  headers: {
    Authorization: `Basic ${Buffer.from(`${CLUTCH_KEY}:${CLUTCH_SECRET}`).toString("base64")}`,
    Brand: CLUTCH_BRAND,
    Location: CLUTCH_LOCATION,
    Terminal: CLUTCH_TERMINAL,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ filters: {}, limit: 1 }),
  signal: AbortSignal.timeout(30_000),
});
const answer = await response.json();
console.log("success:", answer.success);
