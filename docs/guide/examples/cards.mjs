import { randomUUID } from "node:crypto";
import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");
const email = `ada.${randomUUID()}@example.org`;

const primaryCustomer = { firstName: "Ada", lastName: "Byron", email };
await call("updateAccount", { cardNumber, countAsEnrollment: true, primaryCustomer });

const returnFields = { customer: true, isEnrolled: true };
const { cards } = await call("search", { filters: { email }, returnFields });
for (const { customer, isEnrolled } of cards) {
  console.log(`${customer.firstName} ${customer.lastName}, enrolled: ${isEnrolled}`);
}
