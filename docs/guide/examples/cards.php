<?php

require 'clutch.php';

$card = newCard('loyalty-cards');
$email = 'ada.' . bin2hex(random_bytes(8)) . '@example.org';

$person = ['firstName' => 'Ada', 'lastName' => 'Byron', 'email' => $email];
call('updateAccount', ['cardNumber' => $card, 'countAsEnrollment' => true, 'primaryCustomer' => $person]);

$found = call('search', [
    'filters' => ['email' => $email],
    'returnFields' => ['customer' => true, 'isEnrolled' => true],
]);
foreach ($found['cards'] as ['customer' => $customer, 'isEnrolled' => $enrolled]) {
    printf("%s %s, enrolled: %s\n", $customer['firstName'], $customer['lastName'], json_encode($enrolled));
}
