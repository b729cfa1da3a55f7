<?php

require 'clutch.php';

$card = newCard();
$products = [['sku' => 'COFFEE-LATTE', 'unitPrice' => '4.75', 'amountPurchased' => 2]];
$bought = call('checkout', ['cardNumber' => $card, 'products' => $products]);

$one = [
    'cardNumber' => $card,
    'checkoutRequestRef' => $bought['requestRef'],
    'returnedProducts' => [['sku' => 'COFFEE-LATTE', 'amountPurchased' => 1]],
];
foreach (['first', 'second', 'third'] as $nth) {
    $answer = call('returnMerchandise', $one);
    echo "$nth latte: ", $answer['success'] ? 'taken back' : "refused $answer[errorCode]", PHP_EOL;
}
