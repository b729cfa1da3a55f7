<?php

require 'clutch.php';

$card = newCard();
$dollars = ['balanceType' => 'Currency', 'balanceCode' => 'USD'];
call('updateBalance', ['cardNumber' => $card, 'action' => 'issue', 'amount' => $dollars + ['amount' => '50.00']]);

$answer = call('checkout', [
    'cardNumber' => $card,
    'returnBalances' => true,
    'products' => [
        ['sku' => 'COFFEE-LATTE', 'unitPrice' => '4.75', 'amountPurchased' => 2],
        ['sku' => 'BREAD-RYE-LOAF', 'unitPrice' => '7.50'],
    ],
    'paymentMethods' => [
        $dollars + ['redeemBalance' => true, 'amount' => '15.00'],
        ['paymentType' => 'Cash', 'amount' => '2.00'],
    ],
]);
['checkoutTotalBeforeDiscount' => $total, 'totalDiscount' => $discount, 'balances' => [$left]] = $answer;
printf("total %.2f, discount %.2f, left on the card %.2f\n", $total, $discount, $left['amount']);
