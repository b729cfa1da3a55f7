import { randomUUID } from "node:crypto";
import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");
const body = {
  cardNumber,
  triggeringUUID: randomUUID(),
  campaignUUID: "77c22a83-7d2e-59bd-9263-ae906eefe131",
  campaignRuleUUID: "91b5c5f2-824e-5f9c-a1c1-8fa8f48199a5",
};

for (const time of ["first", "second"]) {
  await call("triggerCampaignRule", body);
  const { cards } = await call("search", { filters: { cardNumber }, returnFields: { balances: true } });
  for (const { amount } of cards[0].balances) console.log(`${time} call: ${amount} points`);
}
