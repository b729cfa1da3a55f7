import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();
const products = [{ sku: "COFFEE-LATTE", unitPrice: 4.75, amountPurchased: 2 }];
const { requestRef: checkoutRequestRef } = await call("checkout", { cardNumber, products });

const returnedProducts = [{ sku: "COFFEE-LATTE", amountPurchased: 1 }];
for (const nth of ["first", "second", "third"]) {
  const answer = await call("returnMerchandise", { cardNumber, checkoutRequestRef, returnedProducts });
  console.log(`${nth} latte: ${answer.success ? "taken back" : `refused ${answer.errorCode}`}`);
}
