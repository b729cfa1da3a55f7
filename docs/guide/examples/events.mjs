import { call, newCard } from "./clutch.mjs";

await call("createEventType", { categoryId: "tasting", name: "Came to a tasting" });

const cardNumber = await newCard("loyalty-cards");
const newEvents = [{ categoryId: "tasting", payload: "Juniper and rye" }];
await call("updateAccount", { cardNumber, newEvents });

const { cards } = await call("search", { filters: { cardNumber }, returnFields: { events: true } });
for (const { categoryId, payload } of cards[0].events) console.log(`${categoryId}: ${payload}`);
