<?php

require 'clutch.php';

$card = newCard('loyalty-cards');
$wish = ['couponSetId' => 'welcome', 'cardNumber' => $card, 'promotionId' => 'welcome'];
$coupon = call('allocateCoupon', $wish)['couponId'];

foreach (['details', 'use', 'use'] as $action) {
    $answer = call('couponDetails', ['couponId' => $coupon, 'action' => $action, 'cardNumber' => $card]);
    $said = $answer['success'] ? 'used ' . json_encode($answer['isUsed']) : "refused: $answer[errorCode]";
    echo "$action: $said", PHP_EOL;
}
