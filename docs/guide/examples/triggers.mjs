import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");

const customKeyValues = [{ key: "newsletter", value: "spring" }];
const { responseMessages } = await call("triggerCustomCampaigns", { cardNumber, customKeyValues });
for (const message of responseMessages) console.log(message);

const { triggeredRuleCount } = await call("processMessage", { cardNumber, message: "HELLO" });
console.log(`rules fired by the message: ${triggeredRuleCount}`);
