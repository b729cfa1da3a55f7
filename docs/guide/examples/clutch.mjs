// A small client of the JSON API.
const { CLUTCH_URL, CLUTCH_KEY, CLUTCH_SECRET, CLUTCH_BRAND, CLUTCH_LOCATION, CLUTCH_TERMINAL } = process.env;

// Call a method; returns its answer.
export const call = async (method, body, headers = {}) => {
  const response = await fetch(`${CLUTCH_URL}/merchant/${method}`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${CLUTCH_KEY}:${CLUTCH_SECRET}`).toString("base64")}`,
      Brand: CLUTCH_BRAND,
      Location: CLUTCH_LOCATION,
      Terminal: CLUTCH_TERMINAL,
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return response.json();
};

// Activate a card of a set; returns its number.
export const newCard = async (cardSetId = "gift-cards") => (await call("allocate", { cardSetId })).cardNumber;
