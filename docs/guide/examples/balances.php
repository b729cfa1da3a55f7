<?php

require 'clutch.php';

$card = newCard();

/** Change the dollars of the card. */
$change = fn (string $action, string $amount) => call('updateBalance', [
    'cardNumber' => $card,
    'action' => $action,
    'amount' => ['balanceType' => 'Currency', 'balanceCode' => 'USD', 'amount' => $amount],
    'returnBalances' => true,
]);

printf("issued 100.00, left: %.2f\n", $change('issue', '100.00')['balances'][0]['amount']);
printf("redeemed 30.00, left: %.2f\n", $change('redeem', '30.00')['balances'][0]['amount']);
printf("redeem 80.00, refused: %d\n", $change('redeem', '80.00')['errorCode']);
