//! Lists that come in pages, as streams.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt as _, stream};
use serde::de::DeserializeOwned;

use super::call::Call;
use crate::{
    error::Error, request::argument::Argument, response::typed::Response, safe_debug::SafeDebug,
};

/// A page of a list: the response of an operation that takes `page` and `records_per_page`.
pub trait Page: DeserializeOwned + SafeDebug + Send + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// How many items the page holds.
    fn count(&self) -> usize;

    /// How many pages there are, if the page says so.
    fn total_pages(&self) -> Option<u64>;

    /// The items.
    fn into_items(self) -> Vec<Self::Item>;
}

/// How many items a page has if the call does not say how many: the default of the API's operations.
const USUAL: u64 = 25;

/// What the API takes at most; of some operations more, of all others it then sends [`USUAL`] ones.
const MOST: u64 = 100;

/// The pages of a list, a stream. Each page is requested when it is polled for, and with all that the call was given.
///
/// It ends after the last page, which is the one that `pagination` names; without `pagination`, the first page that is
/// not full. It also ends after an error, whose [`Error::page`] is the number of the page that failed.
///
/// Data may shift between pages: what is added or removed in the meantime can come twice, or not at all.
///
/// ```
/// # async fn example<T: client_core::Page>(mut pages: client_core::Pages<T>) -> Result<(), client_core::Error> {
/// while let Some(page) = pages.next().await {
///     println!("{} items", page?.count());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T>(State<T>);

/// The stream is made when it is first polled, so that a client's crate does not compile one for each of its lists.
enum State<T> {
    Start(Box<Call>),
    Running(Boxed<Response<T>>),
}

/// The items of a list that comes in pages, a stream. See [`Pages`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T: Page> {
    pages: Pages<T>,
    /// The rest of the current page.
    items: VecDeque<T::Item>,
}

type Boxed<T> = Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>;

impl<T: Page> Pages<T> {
    /// The pages of an operation's list, from the page that the call was given, or else the first one.
    pub fn new(call: Call) -> Self {
        Self(State::Start(Box::new(call)))
    }

    /// The stream, which starts now if it has not.
    fn running(&mut self) -> &mut Boxed<Response<T>> {
        if let State::Start(call) = &self.0 {
            self.0 = State::Running(read((**call).clone()));
        }
        match &mut self.0 {
            State::Running(pages) => pages,
            State::Start(_) => unreachable!("it was started"),
        }
    }

    /// The next page; `None` after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<Response<T>, Error>> {
        self.running().next().await
    }

    /// The items of the pages.
    pub fn items(self) -> Items<T> {
        Items {
            pages: self,
            items: VecDeque::new(),
        }
    }
}

impl<T: Page> Items<T> {
    /// The next item; `None` after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<T::Item, Error>> {
        futures_util::StreamExt::next(self).await
    }
}

fn read<T: Page>(call: Call) -> Boxed<Response<T>> {
    let first = call.query_number("page").unwrap_or(1);
    let size = call.query_number("records_per_page");
    Box::pin(stream::unfold(
        Some((call, first)),
        move |next| async move {
            let (call, number) = next?;
            let request = call.clone().query("page", Argument::from(number));
            Some(match request.decode::<T>().await {
                Ok(page) => {
                    let next = is_followed(&*page, number, size).then(|| (call, number + 1));
                    (Ok(page), next)
                }
                Err(error) => (Err(error.with_page(number)), None),
            })
        },
    ))
}

/// Whether another page comes after this one.
fn is_followed<T: Page>(page: &T, number: u64, size: Option<u64>) -> bool {
    if let Some(total) = page.total_pages() {
        return number < total;
    }
    let full = match size {
        None | Some(0) => USUAL,
        Some(size) if size > MOST => USUAL,
        Some(size) => size,
    };
    u64::try_from(page.count()).is_ok_and(|count| count >= full)
}

impl<T: Page> Stream for Pages<T> {
    type Item = Result<Response<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.running().poll_next_unpin(cx)
    }
}

impl<T: Page> Unpin for Items<T> {}

impl<T: Page> Stream for Items<T> {
    type Item = Result<T::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_next_unpin(cx)) {
                Some(Ok(page)) => self.items = page.into_inner().into_items().into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<T: Page> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
