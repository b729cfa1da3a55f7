<?php

require 'clutch.php';

$card = newCard();

/** Change the dollars of the card. */
$change = fn (string $action, string $amount, array $more = []) => call('updateBalance', $more + [
    'cardNumber' => $card,
    'action' => $action,
    'amount' => ['balanceType' => 'Currency', 'balanceCode' => 'USD', 'amount' => $amount],
    'returnBalances' => true,
]);

$change('issue', '100.00');
$held = $change('hold', '40.00');
$amounts = array_column($held['balances'], 'amount', 'isHold');
printf("free %.2f, held %.2f\n", $amounts[false], $amounts[true]);

$paid = $change('redeem', '25.00', [
    'redeemFromHoldTransactionId' => $held['transactionId'],
    'releaseHoldRemainder' => true,
]);
[$balance] = $paid['balances'];
printf("free %.2f, nothing held\n", $balance['amount']);
