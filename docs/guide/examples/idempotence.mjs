import { randomUUID } from "node:crypto";
import { call, newCard } from "./clutch.mjs";

const amount = { balanceType: "Currency", balanceCode: "USD", amount: 25 };
const body = { cardNumber: await newCard(), action: "issue", amount };
const customRequestId = `order-${randomUUID()}`;

const first = await call("updateBalance", body, { customRequestId });
const again = await call("updateBalance", body, { customRequestId });

console.log(`first: success ${first.success}`);
console.log(`again: success ${again.success}, errorCode ${again.errorCode}`);
if (again.originalRequestRef === first.requestRef) console.log("again names the first call");
