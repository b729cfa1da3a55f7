<?php

require 'clutch.php';

$card = newCard();
$dollars = ['balanceType' => 'Currency', 'balanceCode' => 'USD'];
call('updateBalance', ['cardNumber' => $card, 'action' => 'issue', 'amount' => $dollars + ['amount' => '50.00']]);

$setup = call('checkout', [
    'cardNumber' => $card,
    'isSetup' => true,
    'lockSetupDuration' => 300,
    'products' => [['sku' => 'COFFEE-LATTE', 'unitPrice' => '4.75', 'amountPurchased' => 2]],
    'paymentMethods' => [$dollars + ['redeemBalance' => true, 'amount' => '9.50']],
]);
printf("to pay: %.2f\n", $setup['checkoutTotalBeforeDiscount'] - $setup['totalDiscount']);

$amount = $dollars + ['amount' => '1.00'];
$meanwhile = call('updateBalance', ['cardNumber' => $card, 'action' => 'redeem', 'amount' => $amount]);
printf("meanwhile: refused %d\n", $meanwhile['errorCode']);

/** Carry out what the setup has shown. */
$complete = fn () => call('checkout', [
    'cardNumber' => $card,
    'relatedSetupTransactionId' => $setup['transactionId'],
    'returnBalances' => true,
]);

printf("completed, left on the card: %.2f\n", $complete()['balances'][0]['amount']);
printf("completed again: refused %d\n", $complete()['errorCode']);
