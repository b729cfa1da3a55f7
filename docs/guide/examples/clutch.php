<?php

/** Call a method; returns its answer. */
function call(string $method, array $body, array $headers = []): array
{
    $headers += [
        'Authorization' => 'Basic ' . base64_encode(getenv('CLUTCH_KEY') . ':' . getenv('CLUTCH_SECRET')),
        'Brand' => getenv('CLUTCH_BRAND'),
        'Location' => getenv('CLUTCH_LOCATION'),
        'Terminal' => getenv('CLUTCH_TERMINAL'),
        'Content-Type' => 'application/json',
    ];
    $options = [
        'method' => 'POST',
        'header' => array_map(fn ($name) => "$name: $headers[$name]", array_keys($headers)),
        'content' => json_encode((object) $body),
        'timeout' => 30,
        'ignore_errors' => true,
    ];
    $url = getenv('CLUTCH_URL') . "/merchant/$method";
    $answer = @file_get_contents($url, false, stream_context_create(['http' => $options]));
    if ($answer === false) {
        throw new RuntimeException('No answer.');
    }
    return json_decode($answer, true);
}

/** Activate a card of a set; returns its number. */
function newCard(string $cardSet = 'gift-cards'): string
{
    return call('allocate', ['cardSetId' => $cardSet])['cardNumber'];
}
