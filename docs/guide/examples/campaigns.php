<?php

require 'clutch.php';

$answer = call('checkout', [
    'cardNumber' => newCard('loyalty-cards'),
    'checkoutTotal' => 20,
    'customKeyValues' => [['key' => 'basket', 'value' => 'breakfast']],
    'returnBalanceMutations' => true,
]);

foreach ($answer['balanceMutations'] as $mutation) {
    if ($mutation['isDiscount']) {
        printf("discount: %.2f\n", $mutation['amount']);
    } else {
        printf("%s: %d\n", $mutation['balanceType'], $mutation['amount']);
    }
}
printf("to pay: %.2f\n", $answer['checkoutTotalBeforeDiscount'] - $answer['totalDiscount']);
foreach ($answer['responseMessages'] as $message) {
    echo $message, PHP_EOL;
}
